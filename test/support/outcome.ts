/** What a caller knows of what it asked for. */
export type Outcome = 'done' | 'not done' | 'unknown' | 'refused'

const outcomes: Readonly<Record<string, Outcome>> = { LEX_ERR_NOSQL_002: 'not done', LEX_ERR_NOSQL_014: 'unknown' }

export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work
    return 'done'
  } catch (error) {
    const { code = '', outcome } = error as { readonly code?: string; readonly outcome?: string }
    if (outcome === 'unknown') return outcome
    return outcomes[code] ?? 'refused'
  }
}
