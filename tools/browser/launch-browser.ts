import { chromium, type Browser } from 'playwright-core'
import { findBrowser } from './find-browser.ts'

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
 * Starts headless Chromium, with a profile of its own that ends with it.
 *
 * @throws Error where none is installed, or it does not start within a minute
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('Chromium is not installed')
  // Root has no sandbox: Chromium would refuse to start.
  const chromiumSandbox = process.getuid?.() !== 0
  return chromium.launch({ executablePath, chromiumSandbox, args: quiet, timeout: 60_000 })
}
