// Installs what the tests of Lambda run on. Where that fails it says so, and those tests are skipped.
import { installLambdaTools } from './install-lambda-tools.ts'

const stopping = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    stopping.abort()
    process.exitCode = 1
  })
}
const tell = (line: string): void => console.log(line)
const installed = await installLambdaTools({ tell, signal: stopping.signal }).catch((error: unknown) => {
  if (!stopping.signal.aborted) throw error
})
if (installed?.wasThere === true) tell('Lambda’s runtime client is installed')
else if (installed?.failure !== undefined) {
  tell(installed.failure)
  tell('it could not be installed: its tests are skipped')
  process.exitCode = process.env['CI'] === 'true' ? 1 : 0
}
