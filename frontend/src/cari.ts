// "/" leads to the search field from anywhere on an office screen; where the menu is folded away, to the page's own
// field or to the search screen.
const TYPING = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches(TYPING));
}

function goSearching(event: KeyboardEvent): void {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) {
    return;
  }
  const inMenu = document.querySelector<HTMLInputElement>("input[data-cari]");
  const onPage = [...document.querySelectorAll<HTMLInputElement>("main [role=search] :is([type=search], [type=text])")];
  const field = [inMenu, ...onPage].find((one) => one?.checkVisibility());
  const address = inMenu?.form?.action;
  if (!field && !address) {
    return;
  }
  event.preventDefault();
  if (field) {
    field.focus();
    field.select();
  } else if (address) {
    location.assign(address);
  }
}

export function searchBySlash(): void {
  document.addEventListener("keydown", goSearching);
}
