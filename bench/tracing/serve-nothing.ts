import { spawn } from 'node:child_process'

const server = `require('node:http').createServer((request, response) => {
  request.resume().on('end', () => response.end())
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

/** The address of a server in a separate process, which takes what it gets and ends with this one. */
export async function serveNothing(): Promise<string> {
  const child = spawn(process.execPath, ['-e', server], { stdio: ['ignore', 'pipe', 'inherit'] })
  process.once('exit', () => child.kill())
  for await (const line of child.stdout) {
    child.unref()
    return `http://127.0.0.1:${String(line).trim()}`
  }
  throw new Error('the server did not start')
}
