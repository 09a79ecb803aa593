package dev.merlon.actors.cli.doctor;

import dev.merlon.actors.cli.terminal.Sentence;
import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Checks the parts Merlon stands on, one after another; a part that fails stops no other. */
final class Diagnosis {

  /**
   * One check.
   *
   * @param name one word
   * @param essential whether Merlon cannot work without it
   * @param look says what there is, or throws what is wrong
   */
  record Check(String name, boolean essential, Supplier<String> look) {
    /** A check of something that Merlon cannot work without. */
    static Check of(String name, Supplier<String> look) {
      return new Check(name, true, look);
    }
  }

  private final List<Check> checks;

  Diagnosis(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /**
   * Runs all checks.
   *
   * @param each hears every finding as soon as it is there
   */
  List<Finding> run(Consumer<Finding> each) {
    return checks.stream().map(Diagnosis::look).peek(each).toList();
  }

  /** A native library that cannot be loaded is a LinkageError; it is a finding like any other. */
  private static Finding look(Check check) {
    try {
      return new Finding(check.name(), true, check.essential(), check.look().get());
    } catch (MerlonException refused) {
      Failure failure = refused.failure();
      String detail = Sentence.of(failure.message()) + " " + failure.remedy();
      return new Finding(check.name(), false, check.essential(), detail);
    } catch (RuntimeException | LinkageError failed) {
      String reason = failed.getMessage() == null ? failed.toString() : failed.getMessage();
      return new Finding(check.name(), false, check.essential(), Sentence.of(reason));
    }
  }
}
