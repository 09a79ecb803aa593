package dev.merlon.actors.engine;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.merlon.actors.LogLines;
import dev.merlon.actors.link.EngineSpec;
import dev.merlon.actors.verification.VerifyEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child process. Started by its parent alone, which its output goes back to as a log. */
public final class EngineMain {
  /** The word of a process that verifies. */
  public static final String VERIFY = "verify";

  private static final int USAGE = 2;
  // Not 3, by which a JVM whose heap is full ends.
  private static final int FAILED = 5;
  private static final int ORPHANED = 6;

  private EngineMain() {}

  /**
   * Does what the parent says, until it says that it should end.
   *
   * @param arguments what it is for, and the socket that its parent listens at
   */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    logToParent();
    Optional<String> secret = Optional.ofNullable(System.getenv(EngineSpec.SECRET));
    if (arguments.length != 2 || !arguments[0].equals(VERIFY) || secret.isEmpty()) {
      log().error("This process is started by Merlon and by nobody else.");
      System.exit(USAGE);
    }
    System.exit(run(Path.of(arguments[1]), secret.get()));
  }

  private static int run(Path socket, String secret) {
    try {
      VerifyEngine.run(socket, secret, () -> Runtime.getRuntime().halt(ORPHANED));
      return 0;
    } catch (IOException | InterruptedException | RuntimeException | Error broken) {
      log().error("The process ends of a failure", broken);
      return FAILED;
    }
  }

  private static Logger log() {
    return LoggerFactory.getLogger(EngineMain.class);
  }

  private static void logToParent() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
      appender.setContext(context);
      appender.setEncoder(LogLines.encoder(context));
      appender.start();
      context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
  }
}
