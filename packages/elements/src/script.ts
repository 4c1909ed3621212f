import { defineElements } from "./define-elements.ts";

// The whole of what a page does: <script type="module" src="https://site/elements.js"></script>
defineElements();
