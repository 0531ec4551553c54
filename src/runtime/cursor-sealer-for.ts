import { ConfigurationError } from '../config/configuration-error.ts'
import { variableName } from '../core/setting/env-name.ts'
import { createCursorSealer, type CursorSealer } from '../core/cursor/cursor-sealer.ts'
import { reveal, type Secret } from '../core/setting/secret.ts'
import type { Section } from '../core/setting/section.ts'
import type { ProviderContext } from './provider.ts'

/**
 * The sealer of a provider's page cursors, by the setting `cursorSecret` of its section. Where several instances serve
 * the application and there is no secret, `onError` receives a warning: they cannot read each other's cursors.
 */
export function cursorSealerFor(
  section: Section<unknown>,
  secret: Secret<string> | undefined,
  { runtime, report }: Pick<ProviderContext, 'runtime' | 'report'>,
): CursorSealer {
  if (secret !== undefined) return createCursorSealer(reveal(secret))
  if (runtime.manyInstances === true) {
    report(
      new ConfigurationError([
        {
          section: section.name,
          variable: variableName(section.name, ['cursorSecret']),
          aliases: section.aliases['cursorSecret'] ?? [],
          message: 'is not set; an instance of this application refuses the page cursors of another',
        },
      ]),
    )
  }
  return createCursorSealer()
}
