// In which language the widget speaks. Owns: the choice. Does not own: the words (locales).
import { load } from "./load.js";
import english from "./locales/en.js";

const LOCALES = ["en", "zh", "es", "de", "fr"];

/** The words of the element's language, the page's or the browser's; English for all others. */
export async function wordsFor(element) {
  const asked = [element.lang, element.closest("[lang]")?.lang, ...navigator.languages];
  const codes = asked.map((language) => language?.slice(0, 2).toLowerCase());
  const code = codes.find((language) => LOCALES.includes(language)) ?? "en";
  const locale = code === "en" ? null : await load(`locales/${code}.js`).catch(() => null);
  return locale ? { ...english, ...locale.default, code } : { ...english, code: "en" };
}
