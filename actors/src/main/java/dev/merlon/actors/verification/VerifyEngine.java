package dev.merlon.actors.verification;

import dev.merlon.actors.link.EngineLink;
import dev.merlon.actors.link.LinkFrame;
import dev.merlon.actors.wire.FailureWire;
import dev.merlon.actors.wire.ModelWire;
import dev.merlon.actors.wire.SliceWire;
import dev.merlon.config.failure.Failure;
import dev.merlon.model.verify.Limits;
import dev.merlon.model.verify.PendingQuery;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.SliceAnswers;
import dev.merlon.proto.SliceFailed;
import dev.merlon.proto.VerifierTerms;
import dev.merlon.proto.VerifySlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that verifies: answers the slices that its parent sends, one after the other on one
 * thread, which owns the open models. Ends with its parent.
 */
public final class VerifyEngine {
  /** What the inputs of one slice may have together, in bytes. */
  static final long MOST_INPUT_BYTES = 256L << 20;

  private final BlockingQueue<LinkFrame> orders = new LinkedBlockingQueue<>();
  private final AtomicLong stopped = new AtomicLong(-1);
  private volatile boolean ending;
  private HeldModels models = new HeldModels(new VerificationSettings.Holding(1, 0));
  private Limits limits = new Limits(1, 1, 1);

  private final Runnable orphaned;

  private VerifyEngine(Runnable orphaned) {
    this.orphaned = orphaned;
  }

  /**
   * Works until the parent says that it should end.
   *
   * @param socket where the parent listens
   * @param secret what it told only this process
   * @param orphaned ends this process: the parent is gone
   * @throws IOException when it does not listen
   */
  public static void run(Path socket, String secret, Runnable orphaned)
      throws IOException, InterruptedException {
    VerifyEngine engine = new VerifyEngine(orphaned);
    try (EngineLink link =
        EngineLink.connect(socket, secret, MOST_INPUT_BYTES, engine.new Wanted())) {
      engine.work(link);
    } finally {
      engine.models.close();
    }
  }

  /** What the parent wants, from threads of the link. */
  private final class Wanted implements EngineLink.Orders {
    @Override
    public void order(LinkFrame frame) {
      orders.add(frame);
    }

    @Override
    public void stop(long order, boolean process) {
      stopped.set(order);
      if (process) {
        ending = true;
        orders.add(LinkFrame.of(Envelope.getDefaultInstance()));
      }
    }

    // Answers have nobody to go to, and what they rest on is asked again.
    @Override
    public void orphaned() {
      orphaned.run();
    }
  }

  private void work(EngineLink link) throws InterruptedException {
    while (!ending) {
      LinkFrame frame = orders.take();
      switch (frame.envelope().getBodyCase()) {
        case VERIFIER -> begin(frame.envelope().getVerifier());
        case SLICE -> {
          link.working();
          Envelope answer = answer(frame);
          link.resting();
          link.send(LinkFrame.of(answer));
        }
        default -> {}
      }
    }
  }

  private void begin(VerifierTerms terms) {
    models.close();
    models =
        new HeldModels(
            new VerificationSettings.Holding(terms.getOpenModels(), terms.getOpenBytes()));
    limits = new Limits(terms.getBatch(), terms.getMemoryBytes(), terms.getSessionThreads());
  }

  private Envelope answer(LinkFrame frame) {
    long order = frame.envelope().getOrder();
    Envelope.Builder answer = Envelope.newBuilder().setOrder(order);
    VerifySlice asked = frame.envelope().getSlice();
    List<PendingQuery> slice = new ArrayList<>();
    for (int i = 0; i < asked.getQuestionsCount(); i++) {
      slice.add(SliceWire.query(asked.getQuestions(i), frame.tensors().get(i)));
    }
    Effort effort = SliceWire.effort(asked.getEffort());
    ServedModel model =
        ServedModel.told(asked.getDigest(), ModelWire.opening(asked.getModel()), limits);
    SliceWork.End end =
        SliceWork.run(models, model, slice, () -> effort, () -> ending || stopped.get() == order);
    if (end instanceof SliceWork.Done done) {
      SliceAnswers.Builder answers = SliceWire.answers(slice, done.answers());
      return answer
          .setAnswers(answers.setStopped(done.stopped()).addAllHeld(models.digests()))
          .build();
    }
    boolean refused = end instanceof SliceWork.Refused;
    Failure failure =
        end instanceof SliceWork.Refused refusal
            ? refusal.failure()
            : new Failure.Internal(((SliceWork.Broken) end).reason(), "");
    return answer
        .setSliceFailed(
            SliceFailed.newBuilder().setFailure(FailureWire.report(failure)).setRefused(refused))
        .build();
  }
}
