import { installToolSet } from '../packages/install-tool-set.ts'
import { siteTools } from '../packages/site-tools.ts'
import { folderOf } from '../packages/tool-set.ts'

/**
 * The folder that the tools of the site are installed in, after installing them where they are missing.
 *
 * @throws Error with the end of what npm printed
 */
export async function installSiteTools(): Promise<string> {
  const stopping = new AbortController()
  const stop = (): void => stopping.abort()
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, stop)
  const tell = (line: string): void => console.log(line)
  const { failure } = await installToolSet(siteTools, { tell, signal: stopping.signal })
  for (const signal of signals) process.off(signal, stop)
  if (failure !== undefined) throw new Error(`${siteTools.title} cannot be installed:\n${failure}`)
  return folderOf(siteTools)
}
