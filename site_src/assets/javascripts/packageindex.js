// The numbers of hex digits that name a file of the package index; 0: no packages are known. Each build writes its own (collector/pages/package_index.py).
export const NAMES = 0;
export const USES = 0;
