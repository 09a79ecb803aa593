package dev.merlon.actors.verification;

import dev.merlon.model.verify.verdict.LadderPhase;
import java.util.List;

/**
 * Queries that are handed out together.
 *
 * @param <Q> one query and what is known of it
 * @param ticket what the scheduler knows it by
 * @param request whose queries they are
 * @param model digest of the model that they are about
 * @param phase what is to be tried
 * @param queries at least one
 */
record Slice<Q>(long ticket, long request, String model, LadderPhase phase, List<Q> queries) {
  Slice {
    queries = List.copyOf(queries);
  }
}
