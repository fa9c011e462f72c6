export { codeVersion } from '../data/code-version.js';
