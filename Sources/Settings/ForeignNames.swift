/// What Keras, PyTorch, Ludwig and darknet call things, for messages: whoever comes from there is told what to write.
///
/// A name is compared without its module (`torch.nn.`), small and large letters, `_`, `-` and spaces.
enum ForeignNames {
  /// Names of types and keys here, each with those of the same thing elsewhere.
  ///
  /// A foreign name may stand for several, of which the first that can stand where it stood is meant: the `size` of
  /// darknet is `kernel_size` in one layer and `pool_size` in another.
  static let spellings: [(ours: String, theirs: [String])] = layers + losses + methods + rows + keys

  private static let layers: [(ours: String, theirs: [String])] = [
    ("dense", ["Linear", "LazyLinear", "fc", "fully_connected", "connected", "affine", "mlp"]),
    ("conv1d", ["Convolution1D"]),
    ("conv2d", ["Convolution2D", "convolution", "convolutional", "conv"]),
    (
      "conv2d_transpose",
      ["ConvTranspose2d", "Convolution2DTranspose", "Deconvolution2D", "deconvolutional", "deconv"]
    ),
    ("max_pooling1d", ["MaxPool1d"]),
    ("max_pooling2d", ["MaxPool2d", "maxpool", "max_pooling", "max_pool"]),
    ("average_pooling1d", ["AvgPool1d"]),
    ("average_pooling2d", ["AvgPool2d", "average_pooling"]),
    (
      "global_average_pooling2d",
      ["AdaptiveAvgPool2d", "GlobalAvgPool2D", "GlobalAveragePool", "avgpool", "gap"]
    ),
    ("global_average_pooling1d", ["AdaptiveAvgPool1d", "GlobalAvgPool1D"]),
    ("global_max_pooling1d", ["AdaptiveMaxPool1d", "GlobalMaxPool1D"]),
    (
      "batch_normalization",
      ["BatchNorm", "BatchNorm1d", "BatchNorm2d", "LazyBatchNorm2d", "bn", "batch_norm"]
    ),
    ("layer_normalization", ["LayerNorm", "ln"]),
    ("spectral_normalization", ["spectral_norm"]),
    ("spatial_dropout1d", ["Dropout1d"]),
    ("leaky_relu", ["leaky", "lrelu"]),
    ("swish", ["SiLU"]),
    ("sigmoid", ["logistic"]),
    ("up_sampling2d", ["Upsample", "UpsamplingNearest2d", "UpsamplingBilinear2d", "interpolate"]),
    ("up_sampling1d", ["UpsamplingNearest1d"]),
    ("add", ["shortcut", "residual", "sum", "plus", "skip"]),
    ("concatenate", ["route", "concat", "cat", "merge"]),
    ("multiply", ["mul"]),
    ("permute", ["transpose"]),
    ("reshape", ["view", "unflatten"]),
    ("simple_rnn", ["RNN", "ElmanRNN"]),
    ("multi_head_attention", ["MultiheadAttention", "self_attention"]),
    ("additive_attention", ["BahdanauAttention"]),
    ("attention", ["LuongAttention", "scaled_dot_product_attention"]),
    (
      "transformer_encoder",
      ["TransformerEncoderLayer", "TransformerEncoderBlock", "encoder_block"]
    ),
    ("transformer_decoder", ["TransformerDecoderLayer", "TransformerDecoderBlock"]),
    ("position_embedding", ["PositionalEmbedding", "learned_positional_embedding"]),
    ("sinusoidal_position_encoding", ["PositionalEncoding", "SinePositionEncoding"]),
    ("time_distributed", ["TimeDistributedDense"]),
    ("repeat_vector", ["RepeatVector"]),
  ]

  private static let losses: [(ours: String, theirs: [String])] = [
    (
      "softmax_cross_entropy",
      [
        "cross_entropy", "categorical_crossentropy", "sparse_categorical_crossentropy",
        "CrossEntropyLoss",
        "ce", "xent", "nll", "NLLLoss", "nll_loss", "log_loss", "softmax", "softmax_loss",
        "sequence_softmax_cross_entropy",
      ]
    ),
    (
      "binary_cross_entropy",
      [
        "bce", "BCELoss", "BCEWithLogitsLoss", "bce_with_logits", "binary_crossentropy",
        "binary_weighted_cross_entropy", "sigmoid_cross_entropy", "logistic",
      ]
    ),
    ("mean_squared_error", ["mse", "MSELoss", "l2", "L2Loss", "sse", "squared_error"]),
    ("mean_absolute_error", ["mae", "L1Loss", "l1"]),
    ("huber", ["HuberLoss", "SmoothL1Loss", "smooth_l1", "smooth"]),
    ("wasserstein", ["wgan"]),
    ("gaussian_kl", ["kl_divergence", "KLDivLoss", "kld", "kl"]),
    (
      "accuracy",
      [
        "acc", "categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy",
        "MulticlassAccuracy", "token_accuracy", "val_acc", "val_accuracy", "validation_accuracy",
      ]
    ),
    ("top_k_accuracy", ["top_k_categorical_accuracy", "top5", "top_5", "hits_at_k", "topk"]),
    ("roc_auc", ["auc", "auroc", "roc_auc_score", "BinaryAUROC"]),
    ("f1", ["f1_score", "fscore", "f_score"]),
    ("perplexity", ["ppl"]),
    ("symmetric_mean_absolute_percentage_error", ["smape"]),
    ("mean_absolute_scaled_error", ["mase"]),
    ("psnr", ["peak_signal_noise_ratio"]),
    ("ssim", ["structural_similarity"]),
    ("frechet", ["fid"]),
    ("confusion_matrix", ["cm"]),
    ("loss", ["val_loss", "valid_loss", "validation_loss", "eval_loss", "dev_loss", "test_loss"]),
  ]

  private static let methods: [(ours: String, theirs: [String])] = [
    ("sgd", ["momentum", "nesterov", "gradient_descent", "GradientDescentOptimizer"]),
    ("adam", ["AdamOptimizer"]),
    (
      "cosine",
      [
        "CosineAnnealingLR", "CosineDecay", "cosine_annealing", "CosineAnnealingWarmRestarts",
        "sgdr",
      ]
    ),
    ("step", ["StepLR", "step_decay", "staircase"]),
    ("multi_step", ["MultiStepLR", "PiecewiseConstantDecay", "piecewise", "steps"]),
    ("exponential", ["ExponentialLR", "ExponentialDecay", "exp"]),
    ("on_plateau", ["ReduceLROnPlateau", "reduce_on_plateau", "plateau"]),
    ("one_cycle", ["OneCycleLR"]),
    (
      "polynomial",
      ["PolynomialLR", "PolynomialDecay", "poly", "linear", "LinearLR", "linear_decay"]
    ),
    ("inverse_square_root", ["noam", "inverse_sqrt", "rsqrt"]),
    ("constant", ["ConstantLR", "fixed"]),
    ("glorot_uniform", ["xavier", "xavier_uniform", "glorot"]),
    ("glorot_normal", ["xavier_normal"]),
    ("he_uniform", ["kaiming_uniform", "kaiming", "he"]),
    ("he_normal", ["kaiming_normal", "msra"]),
    ("truncated_normal", ["trunc_normal"]),
    ("random_normal", ["normal", "gaussian"]),
    ("random_uniform", ["uniform"]),
  ]

  private static let rows: [(ours: String, theirs: [String])] = [
    ("image_folder", ["ImageFolder", "image_dataset_from_directory", "image_directory", "folder"]),
    ("idx", ["mnist", "fashion_mnist"]),
    ("csv", ["tsv"]),
    ("table", ["jsonl", "json_lines"]),
    ("npy", ["numpy"]),
    ("scale", ["ToTensor", "Rescaling", "rescale", "divide"]),
    ("standardize", ["normalize", "normalization", "zscore", "StandardScaler"]),
    ("random_flip", ["RandomHorizontalFlip", "horizontal_flip", "flip"]),
    ("random_shift", ["RandomTranslation", "RandomAffine", "width_shift_range"]),
    ("crop", ["RandomCrop", "CenterCrop", "center_crop"]),
    ("grayscale", ["to_grayscale", "rgb_to_grayscale"]),
    ("one_hot", ["to_categorical", "one_hot_encoding", "CategoryEncoding"]),
    ("words", ["space", "whitespace", "space_punct"]),
    ("word_pieces", ["WordPiece", "bert"]),
    ("bpe", ["gpt2", "byte_level_bpe", "sentencepiece"]),
    ("characters", ["char", "chars"]),
  ]

  private static let keys: [(ours: String, theirs: [String])] = [
    ("data", ["dataset", "datasets", "data_module"]),
    ("model", ["network", "net", "architecture", "arch"]),
    ("training", ["trainer", "fit", "hyperparameters", "train", "compile"]),
    ("seed", ["random_seed", "manual_seed", "random_state"]),
    ("train", ["training", "train_data", "training_data", "train_set"]),
    (
      "validation",
      ["val", "valid", "dev", "eval", "validation_data", "validation_set", "val_data"]
    ),
    ("test", ["test_data", "test_set"]),
    ("transforms", ["preprocessing", "augmentation", "augmentations", "transform"]),
    ("path", ["file", "filename", "file_path", "filepath", "root", "dir", "directory"]),
    ("image_size", ["target_size", "img_size", "image_shape", "resolution"]),
    ("separator", ["delimiter", "sep"]),
    (
      "length",
      [
        "seq_len", "seq_length", "sequence_length", "max_len", "max_length", "max_sequence_length",
        "block_size",
        "context_length", "decay_steps", "t_max", "total_steps", "total_iters",
      ]
    ),
    ("label", ["label_column", "target_column", "class_column"]),
    ("classes", ["num_classes", "n_classes"]),
    ("epochs", ["num_epochs", "max_epochs", "n_epochs", "nb_epoch", "num_train_epochs"]),
    (
      "steps",
      [
        "max_steps", "num_steps", "train_steps", "max_batches", "iterations", "max_iter",
        "max_iters",
      ]
    ),
    (
      "batch_size",
      ["batch", "bs", "train_batch_size", "per_device_train_batch_size", "minibatch_size"]
    ),
    ("loss", ["criterion", "loss_function", "loss_fn", "objective", "loss_type"]),
    ("optimizer", ["optim", "solver"]),
    ("early_stopping", ["early_stop", "early_stopping_patience", "patience"]),
    (
      "gradient_accumulation",
      ["gradient_accumulation_steps", "accumulate_grad_batches", "subdivisions"]
    ),
    (
      "clip_norm",
      [
        "max_grad_norm", "grad_clip", "gradient_clip_val", "clip_grad_norm", "gradient_clipping",
        "global_clipnorm",
      ]
    ),
    ("clip_value", ["clipvalue", "clip_grad_value"]),
    ("moving_average", ["ema", "ema_decay", "use_ema", "ema_momentum"]),
    (
      "validate_every_steps",
      ["validation_freq", "val_check_interval", "eval_steps", "eval_every", "eval_interval"]
    ),
    ("log_every_steps", ["logging_steps", "log_every_n_steps", "log_interval"]),
    ("every_steps", ["save_steps", "save_freq", "save_interval", "steps_per_checkpoint"]),
    ("drop_remainder", ["drop_last"]),
    (
      "regularization",
      ["regularizer", "kernel_regularizer", "l2_regularization", "regularization_lambda"]
    ),
    ("initialize", ["pretrained", "init_from", "load_weights", "checkpoint_path", "weights"]),
    ("freeze", ["frozen", "freeze_layers", "stopbackward"]),
    ("metric", ["monitor", "validation_metric"]),
    ("minimum_change", ["min_delta"]),
    ("min_delta", ["threshold", "minimum_change"]),
    ("best", ["save_best", "save_best_only", "monitor", "metric"]),
    ("learning_rate", ["lr", "base_lr", "eta", "base_learning_rate"]),
    ("weight_decay", ["decay", "wd", "l2"]),
    ("beta_1", ["betas", "beta1", "adam_beta1"]),
    ("beta_2", ["beta2", "adam_beta2"]),
    ("epsilon", ["eps", "variance_epsilon", "norm_eps"]),
    ("peak", ["max_lr", "max_learning_rate"]),
    ("initial", ["initial_learning_rate", "learning_rate", "lr", "base_lr", "value"]),
    ("final", ["eta_min", "min_lr", "end_learning_rate", "lr_min"]),
    ("factor", ["gamma", "decay_rate", "drop"]),
    ("every", ["step_size", "decay_every", "period"]),
    ("milestones", ["boundaries", "steps"]),
    ("warmup", ["warmup_steps", "burn_in", "num_warmup_steps", "warmup_epochs", "warmup_ratio"]),
    (
      "units",
      [
        "filters", "out_features", "output_size", "output_dim", "num_units", "n_units",
        "hidden_size", "hidden_units",
        "hidden_dim", "num_hidden", "neurons", "nodes", "fc_size", "output", "out_channels",
        "num_classes",
      ]
    ),
    (
      "filters",
      [
        "out_channels", "num_filters", "n_filters", "nb_filter", "channels", "output_channels",
        "units",
      ]
    ),
    ("kernel_size", ["kernel", "ksize", "size", "kernel_shape", "filter_size"]),
    ("pool_size", ["size", "kernel_size", "kernel", "window"]),
    ("size", ["scale_factor", "kernel_size"]),
    ("strides", ["stride"]),
    ("padding", ["pad", "autopad"]),
    ("dilation_rate", ["dilation"]),
    ("use_bias", ["bias"]),
    (
      "kernel_initializer",
      ["initializer", "weights_initializer", "kernel_init", "init", "weight_init"]
    ),
    ("activation", ["activation_fn", "act", "nonlinearity", "activation_function", "act_fn"]),
    ("input_dim", ["vocab_size", "num_embeddings", "vocabulary_size", "num_tokens", "input_size"]),
    ("vocabulary_size", ["vocab_size", "num_words", "max_tokens", "max_features"]),
    (
      "output_dim", ["embedding_dim", "embedding_size", "embed_dim", "emb_dim", "d_model", "units"]
    ),
    ("rate", ["p", "prob", "probability", "dropout", "dropout_rate"]),
    ("negative_slope", ["alpha", "slope", "leak"]),
    ("num_heads", ["nhead", "heads", "n_head", "n_heads", "num_attention_heads"]),
    ("intermediate_dim", ["dim_feedforward", "ffn_dim", "intermediate_size", "d_ff", "mlp_dim"]),
    ("use_causal_mask", ["causal", "is_causal"]),
    ("normalize_first", ["norm_first", "pre_norm"]),
    ("mask_zero", ["padding_idx"]),
    ("target_shape", ["shape", "size"]),
    ("dims", ["perm", "order"]),
    ("repeat", ["num_layers", "n_layers", "num_repeats", "depth"]),
    ("inputs", ["from", "input", "bottom", "inbound_nodes"]),
    ("type", ["class_name", "kind", "_target_", "layer_type"]),
    ("k", ["top_k"]),
  ]

  /// What to do where no name here says the same.
  private static let advices: [(advice: String, theirs: [String])] = [
    (
      "a layer takes what it reads; the shape of a row stands in the \"inputs\" of the network",
      [
        "in_channels", "in_features", "input_shape", "input_channels", "batch_input_shape",
        "input_size",
        "normalized_shape", "num_features",
      ]
    ),
    (
      "it belongs to the optimizer: \"optimizer\": {\"type\": \"sgd\", \"learning_rate\": 0.1}",
      [
        "learning_rate", "lr", "momentum", "weight_decay", "decay", "nesterov", "betas", "beta_1",
        "beta_2",
        "base_lr",
      ]
    ),
    (
      "a schedule stands in place of the learning rate: \"learning_rate\": {\"type\": \"cosine\", \"initial\": 0.001}",
      [
        "scheduler", "lr_scheduler", "lr_schedule", "learning_rate_scheduler", "policy", "schedule",
        "warmup_steps", "burn_in", "reduce_learning_rate_on_plateau",
      ]
    ),
    (
      "\"early_stopping\", \"checkpoint\" and \"samples\" stand in \"training\"",
      ["callbacks", "callback", "model_checkpoint"]
    ),
    (
      "rows are divided by \"slice\", as in \"train\": {..., \"slice\": [0, 50000]}",
      ["validation_split", "val_split", "split_ratio", "test_size", "train_test_split"]
    ),
    (
      "a recurrent layer is wrapped: {\"type\": \"bidirectional\", \"layer\": {\"type\": \"lstm\", \"units\": 64}}",
      ["bidirectional"]
    ),
    (
      "\"freeze\" in \"training\" names the parameters that stay as they are, as in [\"dense_1/*\"]",
      ["trainable", "requires_grad"]
    ),
    (
      "losses take logits: the network ends without softmax or sigmoid",
      ["from_logits", "logsoftmax", "log_softmax"]
    ),
    (
      "the best checkpoint is kept beside the last one, and is what eval and predict take",
      ["restore_best_weights", "load_best_model_at_end"]
    ),
    (
      "it is a layer of its own behind this one: {\"type\": \"batch_normalization\"}",
      ["batch_normalize", "batch_norm", "batchnorm", "use_batch_norm", "norm"]
    ),
    (
      "it is a layer of its own behind this one: {\"type\": \"dropout\", \"rate\": 0.5}",
      ["dropout", "dropout_rate", "recurrent_dropout"]
    ),
    (
      "the model lists its layers itself: \"model\": {\"inputs\": {\"features\": [4]}, \"layers\": [...]}",
      ["input_features", "output_features", "combiner", "model_type", "encoder"]
    ),
    (
      "no activation is what a layer has without \"activation\"", ["linear", "identity", "none"]
    ),
    (
      "the command's --threads says how many work",
      ["num_workers", "workers", "n_jobs", "num_threads"]
    ),
    (
      "everything is computed by the processor",
      ["device", "gpu", "gpus", "cuda", "accelerator", "devices"]
    ),
    ("the command's --quiet and --log-format say what is told", ["verbose", "verbosity"]),
    (
      "the command's --output says where a run goes",
      ["output_dir", "log_dir", "save_dir", "default_root_dir"]
    ),
    (
      "\"mean_squared_error\" is its square",
      ["rmse", "root_mean_squared_error", "RootMeanSquaredError"]
    ),
    ("dlcli score computes it from texts", ["bleu", "rouge", "wer", "cer"]),
  ]

  private static let index = reversed(spellings.map { ($0.ours, $0.theirs) })
  private static let advice = reversed(advices.map { ($0.advice, $0.theirs) })

  /// For each foreign name what it stands for, in the order of the table.
  private static func reversed(_ table: [(String, [String])]) -> [String: [String]] {
    var index: [String: [String]] = [:]
    for (ours, theirs) in table {
      for name in theirs { index[plain(name), default: []].append(ours) }
    }
    return index
  }

  /// The longest name that is looked for; longer ones nobody has.
  private static let longest = 64

  /// `nn.BatchNorm2d` as `batchnorm2d`.
  private static func plain(_ name: String) -> String {
    let front = name.split(separator: ".").last.map(String.init) ?? name
    return front.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }

  /// The one of the known names that a foreign one stands for; nil where none is.
  static func meaning(of name: String, among known: some Sequence<String>) -> String? {
    guard name.utf8.count <= longest else { return nil }
    let plain = plain(name)
    let known = Set(known)
    // With its module, a name may be one of ours otherwise: `keras.layers.Conv2D`.
    let same = name.contains(".") ? known.first { Self.plain($0) == plain } : nil
    return same ?? index[plain]?.first(where: known.contains)
  }

  /// What to do instead of what a foreign name says; nil where nothing is to be said.
  static func advice(for name: String) -> String? {
    name.utf8.count <= longest ? advice[plain(name)]?.first : nil
  }
}
