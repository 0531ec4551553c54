import type { LexigramError } from '../../core/errors.ts'
import type { CommandContext } from '../command-context.ts'

/** What the command says: lines as it goes, or one JSON document at its end. */
export interface Report {
  line(text: string): void
  /** Part of the document; given again, it replaces the value before. */
  set(name: string, value: unknown): void
  fail(error: LexigramError): void
  end(): void
}

export function textReport(context: CommandContext): Report {
  return {
    line: (text) => context.print(text),
    set: () => {},
    fail({ message, hint }) {
      context.complain(hint === undefined ? message : `${message}\n${hint}`)
    },
    end: () => {},
  }
}

export function jsonReport(context: CommandContext): Report {
  const content: Record<string, unknown> = {}
  return {
    line: () => {},
    set(name, value) {
      content[name] = value
    },
    fail({ code, message, hint, details }) {
      content['error'] = { code, message, hint, details }
    },
    end: () => context.print(JSON.stringify(content)),
  }
}
