import { LexigramError } from '../core/errors.ts'

/** One thing wrong with one variable. No part of it holds the variable's value. */
export interface ConfigurationIssue {
  /** Name of the section, as in the definition. */
  readonly section: string
  /** The variable to set or to correct. */
  readonly variable: string
  /** Other names that the variable may have. */
  readonly aliases: readonly string[]
  /** What is wrong, with the expected shape. */
  readonly message: string
}

const toSet = 'Set the variables named in the message in the environment of this runtime.'

/** The environment does not hold a valid configuration; every variable concerned is named, no value is. */
export class ConfigurationError extends LexigramError {
  readonly code = 'LEX_ERR_CFG_001'
  override readonly status = 503
  readonly issues: readonly ConfigurationIssue[]

  /** @internal The package makes it. */
  constructor(issues: readonly ConfigurationIssue[], { hint = toSet }: { readonly hint?: string } = {}) {
    const lines = issues.map((issue) => {
      const aliases = issue.aliases.length === 0 ? '' : ` (or ${issue.aliases.join(', ')})`
      return `\n  ${issue.variable}${aliases}: ${issue.message}`
    })
    super(`the configuration has ${issues.length} problem${issues.length === 1 ? '' : 's'}:${lines.join('')}`, {
      hint,
      details: { issues },
    })
    this.issues = issues
  }
}
