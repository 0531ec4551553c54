import packageJson from '../../package.json' with { type: 'json' }

const scripts: readonly string[] = Object.keys(packageJson.scripts)

/** What a line of a shell block has that would not work for a reader, or `undefined`. */
export function problemOf(line: string): string | undefined {
  const command = line.replace(/^\$ /, '').trim()
  if (command === '' || command.startsWith('#')) return undefined
  const bare = command.replaceAll(/'[^']*'|"[^"]*"/g, '')
  if (/[?*[]/.test(bare)) return 'zsh takes an unquoted ?, * or [ for a pattern of files'
  const [program = '', ...words] = command.replace(/^(?:[A-Z_]+=\S+ )+/, '').split(/\s+/)
  switch (program) {
    case 'npm':
      return problemOfNpm(words)
    case 'npx':
      return words[0] === Object.keys(packageJson.bin)[0] ? undefined : `npx ${words[0]} is not this package's command`
    case 'curl':
      return words.some((word) => /^['"]?(?:http:\/\/)?(?:localhost|127\.0\.0\.1):\d+/.test(word))
        ? undefined
        : 'curl is shown against a local server only'
    case 'git':
      return words[0] === 'clone' ? undefined : 'only git clone is known'
    case 'cd':
      return undefined
    default:
      return `${program} is not known to the test of documents`
  }
}

function problemOfNpm([verb = '', name = '']: readonly string[]): string | undefined {
  if (verb === 'ci' || verb === 'install') return undefined
  if (verb === 'create') return name === 'lexigram-edge' ? undefined : `npm create ${name} is not this project's`
  const script = verb === 'run' ? name : verb
  return scripts.includes(script) ? undefined : `package.json has no script ${script}`
}

/** Joins lines that end in a backslash. */
export function linesOf(code: string): string[] {
  return code.replaceAll(/\\\n\s*/g, ' ').split('\n')
}
