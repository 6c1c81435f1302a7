// A form that a scanner fills: its Enter makes room for the next seal, a second one goes to the next field. A field for one
// scan only (a card) is left at its first Enter.
export function scanOn(form: HTMLFormElement): void {
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || !(field instanceof HTMLInputElement) || field.type !== "text") {
      return;
    }
    event.preventDefault();
    if (field.value && !field.value.endsWith(" ") && !("satuPindaian" in field.dataset)) {
      field.value += " ";
      return;
    }
    const fields = [...form.querySelectorAll<HTMLElement>("input[type=text], select, button[type=submit]")];
    fields[fields.indexOf(field) + 1]?.focus();
  });
}
