import { countWalk } from '../walk/count-walk.ts'
import { walks } from '../walk/walks.ts'

const usage = 'usage: npm run walk [-- --files] [words of a walk’s name]'
const args = process.argv.slice(2)
const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--files')
if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; ${usage}`)
  process.exit(2)
}
const showFiles = args.includes('--files')
const words = args.filter((arg) => !arg.startsWith('-'))
const chosen = walks.filter(({ name }) => words.every((word) => name.includes(word)))
if (chosen.length === 0) {
  console.error(`no walk has '${words.join(' ')}' in its name: ${walks.map(({ name }) => `\n  ${name}`).join('')}`)
  process.exit(2)
}
console.log('files  functions  calls  walk (the third time it is done)')
for (const walk of chosen) {
  const { files, functions, calls } = await countWalk(await walk.prepare())
  console.log(
    `${String(files.length).padStart(5)}  ${String(functions).padStart(9)}  ${String(calls).padStart(5)}  ${walk.name}`,
  )
  if (showFiles) console.log(files.map((file) => `         ${file}`).join('\n'))
}
process.exit()
