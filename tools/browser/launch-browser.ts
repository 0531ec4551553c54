import { chromium, type Browser } from 'playwright-core'
import { findBrowser } from './find-browser.ts'
import { environmentOfPackaged, packagedChromium } from './packaged-chromium.ts'

/** It is for pages of this project: what the browser asks the network for on its own behalf is switched off. */
const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts headless Chromium, with its own profile that ends with it.
 *
 * @throws Error where none is installed, or it does not start within a minute
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('there is no Chromium: npm run setup:browser')
  // Root has no sandbox: Chromium would refuse to start.
  const chromiumSandbox = process.getuid?.() !== 0
  const isPackaged = executablePath === packagedChromium()
  return chromium.launch({
    executablePath,
    // The packaged one has no sandbox, either.
    chromiumSandbox: chromiumSandbox && !isPackaged,
    args: quiet,
    timeout: 60_000,
    ...(isPackaged && { env: { ...process.env, ...environmentOfPackaged() } }),
  })
}
