// One classic script and one style sheet; assemble.mjs puts both into one page.
import { defineConfig } from "vite";

export default defineConfig({
  define: { "process.env.NODE_ENV": JSON.stringify("production") },
  build: {
    outDir: "build",
    target: "es2022",
    cssCodeSplit: false,
    lib: { entry: "src/main.ts", formats: ["iife"], name: "ripstopReport", fileName: () => "report.js", cssFileName: "report" },
  },
});
