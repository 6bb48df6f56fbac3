// Colours: Okabe and Ito's set, told apart by colour-blind readers too, with shades for light and dark pages.

export interface Theme { dark: boolean; text: string; soft: string; line: string; back: string; land: string; sea: string; coast: string; accent: string; list: string[] }

const LIGHT: Theme = {
  dark: false, text: "#1b1f24", soft: "#545d67", line: "#d4d9df", back: "#ffffff", land: "#efece4", sea: "#dfe9f1", coast: "#a9a695", accent: "#b93a22",
  list: ["#0072b2", "#d55e00", "#00805e", "#9a7000", "#b5548c", "#4f5b66", "#3a9bd6", "#7a5195"],
};
const DARK: Theme = {
  dark: true, text: "#e8ebee", soft: "#a7b0ba", line: "#3a424b", back: "#14181d", land: "#2b3038", sea: "#10151b", coast: "#5b636d", accent: "#ff7a5c",
  list: ["#56b4e9", "#e69f00", "#3fcf9f", "#f0e442", "#e79ac2", "#b8c0c8", "#8ccff5", "#b794d6"],
};

let paper = false;
/** While it prints the page is light, whatever the screen is. */
export function printing(on: boolean): void { paper = on; }
export const onPaper = (): boolean => paper;

const wish = (): string | undefined => document.documentElement.dataset.theme;
export function theme(): Theme {
  const dark = !paper && (wish() ? wish() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  return dark ? DARK : LIGHT;
}
