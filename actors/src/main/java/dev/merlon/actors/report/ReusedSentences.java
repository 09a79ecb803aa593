package dev.merlon.actors.report;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.verification.Reused;
import java.util.ArrayList;
import java.util.List;

/** What a reader has to know about verdicts that were not found now. */
public final class ReusedSentences {
  private ReusedSentences() {}

  /**
   * Sentences; none where everything was asked.
   *
   * @param again the option with which timeouts are asked again
   */
  public static List<String> of(Reused reused, String again) {
    if (reused.verdicts() == 0) {
      return List.of();
    }
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Known before: "
            + Amounts.count(reused.verdicts(), "verdict")
            + (reused.implied() > 0 ? ", " + reused.implied() + " implied by stronger ones" : ""));
    if (reused.timeouts() > 0) {
      sentences.add(
          "Among them "
              + Amounts.count(reused.timeouts(), "timeout")
              + " of as much time; "
              + again
              + " asks again");
    }
    return sentences;
  }
}
