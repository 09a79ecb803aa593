package dev.merlon.config.data;

import dev.merlon.config.value.Words;

/** Where images come from. */
public enum DataKind {
  /** The four IDX files of MNIST. */
  MNIST,
  /** The six binary files of CIFAR-10. */
  CIFAR10,
  /** The two binary files of CIFAR-100, by their 100 fine labels. */
  CIFAR100,
  /** PNG, JPEG or BMP files, one folder for each class. */
  FOLDER,
  /** TinyImageNet as it is distributed. */
  TINYIMAGENET,
  /** The embedded data set, drawn by the program from a seed. */
  DEMO;

  /** The word for it in configuration, on the command line and in reports. */
  public String word() {
    return Words.of(this);
  }

  /** Whether the images are files on a disk, in a directory that has to be named. */
  public boolean files() {
    return this != DEMO;
  }
}
