// What must be reachable by the keyboard and was not.
[...document.querySelectorAll("a[href], summary, button, input, select, [tabindex='0'], .scroll, figure.strips")]
  .filter((element) => element.checkVisibility() && !element.dataset.reached)
  .filter((element) => !element.matches(".scroll, figure.strips") || element.scrollWidth > element.clientWidth + 1)
  .map((element) => `${element.tagName}.${element.className} ${element.textContent.slice(0, 50)}`);
