const find = (id) => document.getElementById(id);
const plural = (count, one, many = `${one}s`) => (count === 1 ? one : many);

function make(tag, options = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "on") for (const [kind, listener] of Object.entries(value)) node.addEventListener(kind, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false).flatMap(breakable));
  return node;
}

function breakable(child) {
  if (typeof child !== "string") return [child];
  return child.split(/(?<=[_./]|::)(?=\p{L})/u).flatMap((part, index) => (index ? [document.createElement("wbr"), part] : [part]));
}

// Theme

function isDark() {
  return (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
}

function nameTheme() {
  find("theme").textContent = isDark() ? "Light" : "Dark";
  find("theme").setAttribute("aria-label", `Use ${isDark() ? "light" : "dark"} colours`);
}

find("theme").addEventListener("click", () => {
  document.documentElement.dataset.theme = isDark() ? "light" : "dark";
  nameTheme();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", nameTheme);
nameTheme();
