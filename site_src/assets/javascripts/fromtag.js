// All tags with an image share the page of its platform. `?of=3.6` names the tag from which the reader comes: the title, the path
// above it and the tabs then name that tag.

const TITLE = /^(.*:)[\w.-]+(?: and [\d,]+ more(?: tags?)?)?( on .*)$/;

export function mount(article) {
  const tag = new URLSearchParams(location.search).get("of");
  const list = article.querySelector("ul + p");
  const link = [...(list?.querySelectorAll("a") ?? [])].find(({ textContent }) => textContent === tag);
  const heading = article.querySelector("h1");
  const image = TITLE.exec(heading.textContent)?.[1];
  if (!link || !image) return;
  heading.textContent = heading.textContent.replace(TITLE, `$1${tag}$2`);
  document.title = document.title.replace(TITLE, `$1${tag}$2`);
  const [, above] = article.querySelectorAll("h1 + p a");
  above.textContent = tag;
  above.href = link.href;
  const [now, history, compare] = article.querySelectorAll("ul a");
  now.href = link.href;
  history.href = new URL("history/", link.href);
  if (compare) compare.search = `?to=${image}${tag}`;
}
