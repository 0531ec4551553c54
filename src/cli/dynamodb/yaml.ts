/** What a template is made of. */
export type Yaml = string | boolean | number | readonly Yaml[] | { readonly [key: string]: Yaml }

/** Block style YAML, its texts quoted where they could be read as something else. */
export function toYaml(value: Yaml, indent = ''): string {
  if (Array.isArray(value))
    return (value as readonly Yaml[]).map((each) => `${indent}- ${inner(each, indent)}`).join('\n')
  if (typeof value !== 'object') return scalar(value)
  return Object.entries(value)
    .map(([key, each]) =>
      isBlock(each)
        ? `${indent}${scalar(key)}:\n${toYaml(each, `${indent}  `)}`
        : `${indent}${scalar(key)}: ${toYaml(each)}`,
    )
    .join('\n')
}

/** A map in a list begins on the line of its dash. */
function inner(value: Yaml, indent: string): string {
  return isBlock(value) ? toYaml(value, `${indent}  `).trimStart() : toYaml(value)
}

function isBlock(value: Yaml): boolean {
  return typeof value === 'object'
}

function scalar(value: string | boolean | number): string {
  if (typeof value !== 'string') return String(value)
  const isPlain = /^[a-zA-Z][\w:-]*$/.test(value) && !/^(?:true|false|yes|no|on|off|null|y|n)$|:$/i.test(value)
  return isPlain ? value : `'${value.replaceAll("'", "''")}'`
}
