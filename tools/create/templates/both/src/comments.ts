import { setting, token, type Repository, type Token } from 'lexigram-edge'
import { DocumentRepository, DocumentStore, type WithId } from 'lexigram-edge/nosql'

export interface Comment {
  readonly id: string
  readonly noteId: string
  readonly text: string
}

export type Comments = Repository<Comment>
export const Comments: Token<Comments> = token<Comments>('Comments')

export const NewComment = setting.object({
  text: setting.string({ shape: 'text of at most 1000 characters', test: (text) => text.length <= 1000 }),
})

type CommentDocument = Omit<Comment, 'id'> & { readonly _id: string }

/** Comments as documents of a collection; notes are rows of a table. */
export class DocumentComments extends DocumentRepository<Comment, string, CommentDocument> {
  static readonly inject = [DocumentStore] as const
  protected readonly collectionName = 'comments'

  constructor(store: DocumentStore) {
    super(store)
  }

  protected documentToEntity({ _id, noteId, text }: WithId<CommentDocument>): Comment {
    return { id: _id, noteId, text }
  }

  protected entityToDocument({ id, noteId, text }: Comment) {
    return { _id: id, noteId, text }
  }
}
