import { setting, token, type Repository, type Token } from 'lexigram-edge'

export interface Note {
  readonly id: string
  readonly text: string
}

/** How the routes reach the notes, whatever database keeps them. */
export type Notes = Repository<Note>
export const Notes: Token<Notes> = token<Notes>('Notes')

/** What a client sends. Any Standard Schema fits here: zod, valibot, arktype. */
export const NewNote = setting.object({
  text: setting.string({ shape: 'text of at most 1000 characters', test: (text) => text.length <= 1000 }),
})
