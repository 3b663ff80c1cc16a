// All vector kernels of a level.
#pragma once
#include "csimd_attention.h"
#include "csimd_convolution.h"
#include "csimd_elementwise.h"
#include "csimd_losses.h"
#include "csimd_normalization.h"
#include "csimd_pooling.h"
#include "csimd_recurrent.h"
#include "csimd_softmax.h"
#include "csimd_tiles.h"
#include "csimd_training.h"
#include "csimd_winograd.h"

typedef struct {
  csimd_attention_kernels attention;
  csimd_convolution_kernels convolution;
  csimd_elementwise_kernels elementwise;
  csimd_losses_kernels losses;
  csimd_normalization_kernels normalization;
  csimd_pooling_kernels pooling;
  csimd_recurrent_kernels recurrent;
  csimd_softmax_kernels softmax;
  csimd_tiles_kernels tiles;
  csimd_training_kernels training;
  csimd_winograd_kernels winograd;
} csimd_kernels;
