package dev.merlon.actors;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;

/**
 * Keeps what a test logs from the console and prints it only when the test fails. An error that the
 * test did not announce fails it, and so does an announced one that was not logged.
 */
public final class CapturedLog implements BeforeEachCallback, AfterEachCallback {
  private static final String CONSOLE = "stderr";

  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final Appender<ILoggingEvent> console = root.getAppender(CONSOLE);
  private final ListAppender<ILoggingEvent> captured = new ListAppender<>();
  private final List<String> announced = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();

  /** A part of an error's message that may be logged or not, as whoever ends first decides. */
  public void allowError(String part) {
    allowed.add(part);
  }

  /** Announces that errors whose messages contain this will be logged, at least one. */
  public void expectError(String part) {
    announced.add(part);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    root.detachAppender(console);
    captured.start();
    root.addAppender(captured);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    root.detachAppender(captured);
    captured.stop();
    root.addAppender(console);
    boolean failed = context.getExecutionException().isPresent();
    List<ILoggingEvent> events = List.copyOf(captured.list);
    if (failed || !unexpected(events).isEmpty() || !missing(events).isEmpty()) {
      events.forEach(console::doAppend);
    }
    if (!failed) {
      assertThat(unexpected(events)).as("errors that were logged").isEmpty();
      assertThat(missing(events)).as("errors that were not logged").isEmpty();
    }
  }

  private List<String> unexpected(List<ILoggingEvent> events) {
    return errors(events).stream()
        .filter(message -> announced.stream().noneMatch(message::contains))
        .filter(message -> allowed.stream().noneMatch(message::contains))
        .toList();
  }

  private List<String> missing(List<ILoggingEvent> events) {
    List<String> errors = errors(events);
    return announced.stream()
        .filter(part -> errors.stream().noneMatch(message -> message.contains(part)))
        .toList();
  }

  private static List<String> errors(List<ILoggingEvent> events) {
    return events.stream()
        .filter(event -> event.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
