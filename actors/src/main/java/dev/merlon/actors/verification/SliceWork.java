package dev.merlon.actors.verification;

import dev.merlon.actors.Causes;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.Answers;
import dev.merlon.model.verify.Pending;
import dev.merlon.model.verify.Verifier;
import dev.merlon.model.verify.ladder.Effort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How one slice is worked on with open models, and what its end says about them: the same in a
 * thread of this process and in a process of its own.
 */
final class SliceWork {
  private static final Logger LOG = LoggerFactory.getLogger(SliceWork.class);

  private SliceWork() {}

  /** How it ended. */
  sealed interface End {}

  /**
   * With answers.
   *
   * @param stopped whether it was asked back
   */
  record Done(Answers answers, boolean stopped) implements End {}

  /** The model cannot be opened, or cannot be asked that; verifiers are unharmed. */
  record Refused(Failure failure) implements End {}

  /** The verifier broke; all models are closed, since nobody knows what state the code is in. */
  record Broken(String reason) implements End {}

  /**
   * Works on a slice.
   *
   * @param effort asked for when the model is open
   */
  static End run(
      HeldModels models,
      ServedModel model,
      List<? extends Pending> slice,
      Supplier<Effort> effort,
      BooleanSupplier stop) {
    Verifier verifier;
    try {
      verifier = models.open(model);
    } catch (RuntimeException | Error refused) {
      return new Refused(failure(refused));
    }
    try {
      Answers answers = verifier.verify(slice, effort.get(), stop);
      requireAll(slice, answers);
      return new Done(answers, stop.getAsBoolean());
    } catch (RuntimeException | Error broken) {
      Failure failure = failure(broken);
      if (failure instanceof Failure.Configuration
          || failure instanceof Failure.ModelFormat
          || failure instanceof Failure.Data) {
        // What cannot be asked of this model breaks nothing.
        return new Refused(failure);
      }
      models.close();
      LOG.error("A verifier broke: {}", failure.message(), broken);
      return new Broken(failure.message());
    }
  }

  /**
   * Checks that answers are about what was asked, each once.
   *
   * @throws IllegalStateException if they are not
   */
  static void requireAll(List<? extends Pending> asked, Answers answers) {
    List<Pending> open = new ArrayList<>(asked);
    boolean own =
        Stream.concat(
                answers.answered().stream().map(Answers.Answered::asked), answers.left().stream())
            .allMatch(one -> took(open, one));
    if (!own || !open.isEmpty()) {
      throw new IllegalStateException("something else was answered than was asked");
    }
  }

  private static boolean took(List<Pending> open, Pending one) {
    Optional<Pending> same = open.stream().filter(one::asksTheSame).findFirst();
    same.ifPresent(open::remove);
    return same.isPresent();
  }

  private static Failure failure(Throwable broken) {
    return Causes.failure("The verifier", broken);
  }
}
