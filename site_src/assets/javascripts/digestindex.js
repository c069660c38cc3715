// The number of hex digits that name a file of the digest index. Each build writes its own (collector/pages/search_indexes.py).
export const SHARD = 3;
