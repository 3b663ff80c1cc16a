public import GraphIR
public import Settings

/// Every layer there is, sorted by type: the one list that a new layer is added to.
public let layerTypes: [any Layer.Type] = [
  Add.self,
  AveragePooling2D.self,
  BatchNormalization.self,
  BinaryCrossEntropy.self,
  Concatenate.self,
  Conv2D.self,
  Conv2DTranspose.self,
  Dense.self,
  Dropout.self,
  ELU.self,
  Embedding.self,
  Flatten.self,
  GaussianKL.self,
  GaussianNoise.self,
  GaussianSample.self,
  GELU.self,
  GlobalAveragePooling2D.self,
  GRU.self,
  Huber.self,
  LayerNormalization.self,
  LeakyReLU.self,
  LSTM.self,
  MaxPooling2D.self,
  MeanAbsoluteError.self,
  MeanSquaredError.self,
  RandomNormal.self,
  ReLU.self,
  Reshape.self,
  Sigmoid.self,
  Softmax.self,
  SoftmaxCrossEntropy.self,
  Softplus.self,
  Swish.self,
  Tanh.self,
  UpSampling2D.self,
]

/// Reads layers by the name of their type.
public let layerRegistry = Registry<any Layer>("layer", layerTypes)
