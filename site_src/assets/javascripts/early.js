// The only script that runs before the page is shown, so that the page never has the wrong colours.
document.documentElement.className = "js";
try {
  const colours = localStorage.getItem("repo-info.colours");
  if (colours) document.documentElement.dataset.colours = colours;
} catch {
  // Storage is refused: use the system's colours.
}
