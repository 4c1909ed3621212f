// What the page itself loads, for pages and tests that show its views without it.
import "../styles/tokens.css";
import "../styles/base.css";
import "../styles/tooltip.css";
