// The page of a platform is shared by all tags with its image. `?of=3.6` names the tag that the reader comes from: the title, the way
// up and the tabs are then of that tag.

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
