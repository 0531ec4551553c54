import { provider } from 'lexigram-edge'
import { Analytics, DocumentAnalytics } from './analytics.ts'
import { ProfileRepository } from './profiles.ts'
import { ReviewRepository } from './reviews.ts'

/** What people say and look at: documents beside the catalogue's tables. */
export const community = provider('community', {
  dependsOn: ['nosql'],
  register(container) {
    container.scoped(ReviewRepository, ReviewRepository)
    container.scoped(ProfileRepository, ProfileRepository)
    container.scoped(Analytics, DocumentAnalytics)
  },
})
