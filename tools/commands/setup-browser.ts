// Sees to a browser for the tests that look at pages: the system's, or one of npm.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findBrowser } from '../browser/find-browser.ts'
import { chromiumTools, hasPackage, unpackChromium } from '../browser/packaged-chromium.ts'
import { setUp } from '../packages/set-up.ts'
import { folderOf, installedMark } from '../packages/tool-set.ts'

const found = findBrowser()
if (found !== undefined) console.log(`found: ${found}`)
else if (!hasPackage) console.log('there is no browser: install Chromium, or set CHROMIUM_PATH; its tests are skipped')
else {
  await setUp([chromiumTools])
  if (existsSync(join(folderOf(chromiumTools), installedMark))) await unpackChromium()
}
