package dev.merlon.actors;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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

  /**
   * Announces that errors whose messages contain this may be logged, and that at least one says it,
   * in its message or as its cause: which actor logs a death depends on whether its parent is
   * stopping already.
   */
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
    return errors(events)
        .map(ILoggingEvent::getFormattedMessage)
        .filter(message -> announced.stream().noneMatch(message::contains))
        .toList();
  }

  private List<String> missing(List<ILoggingEvent> events) {
    List<String> said = errors(events).flatMap(CapturedLog::said).toList();
    return announced.stream()
        .filter(part -> said.stream().noneMatch(text -> text.contains(part)))
        .toList();
  }

  /** The message and those of its causes. */
  private static Stream<String> said(ILoggingEvent event) {
    Stream<IThrowableProxy> causes =
        Stream.iterate(event.getThrowableProxy(), Objects::nonNull, IThrowableProxy::getCause);
    return Stream.concat(
        Stream.of(event.getFormattedMessage()),
        causes.map(cause -> String.valueOf(cause.getMessage())));
  }

  private static Stream<ILoggingEvent> errors(List<ILoggingEvent> events) {
    return events.stream().filter(event -> event.getLevel() == Level.ERROR);
  }
}
