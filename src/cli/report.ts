import type { LexigramError } from '../core/errors.ts'

/** What a command says: lines as it goes, or one JSON document. */
export interface Report {
  line(text: string): void
  /** Part of the document; given again, it replaces the value before. */
  set(name: string, value: unknown): void
  fail(error: LexigramError): void
  /** Prints the document: at the end, or when a server is ready. Idempotent. */
  end(): void
}

/** Where lines go. */
export interface Output {
  print(line: string): void
  complain(line: string): void
}

/** The report that the arguments ask for, by `--json`; those after `--` are another program's. */
export function reportFor(args: readonly string[], output: Output): Report {
  const end = args.indexOf('--')
  const own = end < 0 ? args : args.slice(0, end)
  return own.includes('--json') ? jsonReport(output) : textReport(output)
}

function textReport(output: Output): Report {
  return {
    line: (text) => output.print(text),
    set: () => {},
    fail({ message, hint }) {
      output.complain(hint === undefined ? message : `${message}\n${hint}`)
    },
    end: () => {},
  }
}

function jsonReport(output: Output): Report {
  const content: Record<string, unknown> = {}
  let ended = false
  return {
    line: () => {},
    set(name, value) {
      content[name] = value
    },
    fail({ code, message, hint, details }) {
      content['error'] = { code, message, hint, details }
    },
    end() {
      if (!ended) output.print(JSON.stringify(content))
      ended = true
    },
  }
}
