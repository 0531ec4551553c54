/** Readers of the files that platforms are configured with. */
export { applyEdits, modify, parse as parseJsonc, printParseErrorCode, type ParseError } from 'jsonc-parser'
export { minVersion, satisfies, validRange } from 'semver'
export { parse as parseToml } from 'smol-toml'
export { parse as parseYaml } from 'yaml'
