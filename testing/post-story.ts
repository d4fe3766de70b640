import { openPost, readLetter } from './post.ts'
import type { Read } from './post.ts'
import { story } from './story.ts'
import type { Story } from './story.ts'

export type Posted = Story & {
  /** Sends what is due, and opens what came since the last time. */
  letters(): Promise<Read[]>
}

/** Tells a story in which mail is taken by a real SMTP server. */
export const postStory = (plot: (told: Posted) => Promise<void>) =>
  story({}, async (told) => {
    const post = await openPost()
    told.context.config.smtpUrl = post.url
    const letters = async () => {
      await told.sweep('mail')
      return post.letters.splice(0).map(readLetter)
    }
    try {
      await plot({ ...told, letters })
    } finally {
      post.close()
    }
  })
