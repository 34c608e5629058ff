// Shows a field only under the choices that need it: data-only-under="name value value". Without this file all are shown.
for (const input of document.querySelectorAll("[data-only-under]")) {
  const [name, ...values] = input.dataset.onlyUnder.split(" ");
  const show = () => {
    const chosen = input.form.querySelector(`[name="${name}"]:checked`);
    input.closest(".ds-field").hidden = !values.includes(chosen?.value ?? "");
  };
  input.form.addEventListener("change", show);
  show();
}
