// Before the first paint: nobody must see the other theme flash. `data-theme` always says which one is shown.
(function () {
  var wish = "system";
  try {
    wish = JSON.parse(localStorage.getItem("millrace.preferences") || "{}").theme || "system";
  } catch {
    // A browser that keeps nothing shows the theme of its system.
  }
  var isDark = wish === "dark" || (wish !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
})();
