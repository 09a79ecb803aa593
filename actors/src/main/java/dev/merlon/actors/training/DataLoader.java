package dev.merlon.actors.training;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.pattern.StatusReply;
import dev.merlon.config.network.ImageForm;
import dev.merlon.model.data.Augmentation;
import dev.merlon.model.data.Batch;
import dev.merlon.model.data.RunImages;
import dev.merlon.model.data.SampleOrder;
import dev.merlon.model.data.SampleOrder.Cursor;
import dev.merlon.streams.StepContext;

/**
 * Makes batches, augmented where it is asked for, each named by its place in training alone. How
 * far it runs ahead is decided by who asks. It shuffles once an epoch and otherwise remembers
 * nothing.
 */
final class DataLoader extends AbstractBehavior<DataLoader.Command> {
  private final RunImages.Training images;
  private final SampleOrder order;
  private int[] permutation = new int[0];
  private int permutedEpoch = -1;

  /** What a loader can be asked. */
  sealed interface Command {}

  /** Decodes the batch of a step, as the run's settings augment it or clean. */
  record LoadBatch(StepContext step, ImageForm form, ActorRef<StatusReply<Batch>> replyTo)
      implements Command {}

  private DataLoader(ActorContext<Command> context, RunImages.Training images, SampleOrder order) {
    super(context);
    this.images = images;
    this.order = order;
  }

  /** A loader of a run's images in its order. */
  static Behavior<Command> create(RunImages.Training images, SampleOrder order) {
    return Behaviors.setup(context -> new DataLoader(context, images, order));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(LoadBatch.class, this::load).build();
  }

  private Behavior<Command> load(LoadBatch load) {
    StepContext step = load.step();
    if (step.epoch() != permutedEpoch) {
      permutation = order.permutation(step.epoch());
      permutedEpoch = step.epoch();
    }
    int[] indices = order.batch(permutation, step.step());
    Cursor cursor = new Cursor(step.epoch(), step.step());
    Augmentation augmentation = images.augmentation();
    Batch batch =
        switch (load.form()) {
          case AUGMENTED -> augmentation.batch(images.train(), cursor, step.globalStep(), indices);
          case CLEAN -> augmentation.clean(images.train(), cursor, step.globalStep(), indices);
        };
    load.replyTo().tell(StatusReply.success(batch));
    return this;
  }
}
