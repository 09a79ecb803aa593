package dev.merlon.actors.verification;

import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.verdict.LadderPhase;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a pool is asked, but for the queries, which are supplied as they are taken.
 *
 * @param id no other request of the pool has
 * @param requestClass how urgent it is
 * @param model what its queries are about
 * @param effort how hard to try
 * @param phases what is tried one after the other, the tasks of all of them first
 * @param deadline of {@link System#nanoTime}, where somebody waits for an end: no verifier works
 *     longer, and opening its model counts
 */
public record Request(
    long id,
    RequestClass requestClass,
    ServedModel model,
    Effort effort,
    List<LadderPhase> phases,
    OptionalLong deadline) {
  /** Copies the list. */
  public Request {
    phases = List.copyOf(phases);
  }

  /** One for queries, which climb the rungs of an effort breadth first. */
  public static Request ofQueries(
      long id, RequestClass requestClass, ServedModel model, Effort effort, OptionalLong deadline) {
    List<LadderPhase> phases =
        Arrays.stream(LadderPhase.values())
            .filter(phase -> effort.rungs().stream().anyMatch(rung -> rung.phase() == phase))
            .toList();
    return new Request(id, requestClass, model, effort, phases, deadline);
  }

  /** One for properties, each of which a verifier answers in one go. */
  public static Request ofProperties(
      long id, RequestClass requestClass, ServedModel model, Effort effort, OptionalLong deadline) {
    return new Request(id, requestClass, model, effort, List.of(LadderPhase.SEARCH), deadline);
  }
}
