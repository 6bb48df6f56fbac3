// Colours: Okabe and Ito's set, told apart by colour-blind readers too, with shades for light and dark pages.

export interface Theme { dark: boolean; text: string; soft: string; line: string; back: string; land: string; sea: string; accent: string; list: string[] }

const LIGHT: Theme = {
  dark: false, text: "#1b1f24", soft: "#59626d", line: "#d4d9df", back: "#ffffff", land: "#e9e5da", sea: "#f3f7fa", accent: "#c8452c",
  list: ["#0072b2", "#d55e00", "#009e73", "#b8860b", "#cc79a7", "#4f5b66", "#3a9bd6", "#7a5195"],
};
const DARK: Theme = {
  dark: true, text: "#e8ebee", soft: "#a7b0ba", line: "#3a424b", back: "#14181d", land: "#2b3038", sea: "#171d24", accent: "#ff7a5c",
  list: ["#56b4e9", "#e69f00", "#3fcf9f", "#f0e442", "#e79ac2", "#b8c0c8", "#8ccff5", "#b794d6"],
};

const wish = (): string | undefined => document.documentElement.dataset.theme;
export function theme(): Theme {
  const dark = wish() ? wish() === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  return dark ? DARK : LIGHT;
}
