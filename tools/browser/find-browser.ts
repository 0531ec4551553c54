import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { packagedChromium } from './packaged-chromium.ts'

/** As Debian, Ubuntu, Fedora and Google's own packages call it, the free one first. */
const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

const applications = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/**
 * The program of Chromium or Chrome: that of `CHROMIUM_PATH`, one of the system, or the one that `npm run setup:browser` has
 * installed. Undefined where there is none.
 */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env['CHROMIUM_PATH']
  if (named !== undefined) return isExecutable(named) ? named : undefined
  const folders = [...(env['PATH'] ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  const paths = programs.flatMap((program) => folders.map((folder) => join(folder, program)))
  return [...paths, ...applications].find(isExecutable) ?? packagedChromium()
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
