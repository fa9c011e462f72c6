import type { SpaceId } from '../../../src/core/spaces/index.js';

/**
 * Values that the reference implementation gives for nets small enough to follow by hand (graf.md 2.7): the paper's
 * schema cell, nets with no path, chains. A pair is [icml24, main]; a single number is the same in both.
 */
export interface WorkedExample {
  readonly space: SpaceId;
  readonly net: string;
  readonly says: string;
  readonly values: Readonly<Record<string, number | readonly [number, number]>>;
}

export const workedExamples: readonly WorkedExample[] = [
  {
    space: 'nasbench201',
    net: '(4, 0, 3, 1, 4, 3)',
    says: 'an ordinary cell',
    values: {
      op_count_0: 1,
      op_count_1: 1,
      op_count_2: 0,
      op_count_3: 2,
      op_count_4: 2,
      'min_path_len_banned_()': 1,
      'min_path_len_banned_(1, 2, 3, 4)': 5,
      'max_op_on_path_allowed_(0)': [1, -1],
      'max_op_on_path_allowed_(2)': [0, -1],
      'max_op_on_path_allowed_(2, 3)': 1,
      'max_op_on_path_allowed_(0, 1, 2, 3, 4)': 3,
      'node_degree_allowed_(2, 3)_in_degree': 1,
      'node_degree_allowed_(2, 3)_out_degree': 2,
      'node_degree_allowed_(2, 3)_avg_in': 0.5,
      'node_degree_allowed_(2, 3)_avg_out': 0.5,
    },
  },
  {
    space: 'nasbench201',
    net: '(2, 1, 0, 0, 4, 0)',
    says: "the paper's schema cell",
    values: {
      'min_path_len_banned_(1, 2, 3, 4)': 1,
      'min_path_len_banned_(0, 1)': 2,
      'min_path_len_banned_(0, 1, 4)': 5,
      'max_op_on_path_allowed_(0)': 1,
      'max_op_on_path_allowed_(2)': [1, -1],
      'max_op_on_path_allowed_(0, 2)': 3,
      'node_degree_allowed_(2, 3)_in_degree': 1,
      'node_degree_allowed_(2, 3)_out_degree': 0,
      'node_degree_allowed_(2, 3)_avg_in': 0.25,
    },
  },
  {
    space: 'nasbench201',
    net: '(1, 1, 1, 1, 1, 1)',
    says: 'a cell that passes nothing on',
    values: {
      op_count_1: 6,
      'min_path_len_banned_(1)': 5,
      'max_op_on_path_allowed_(0)': [0, -1],
      'max_op_on_path_allowed_(0, 1, 2, 3, 4)': 3,
    },
  },
  {
    space: 'nasbench201',
    net: '(2, 1, 0, 2, 1, 2)',
    says: 'a chain of convolutions beside a skip connection',
    values: {
      'min_path_len_banned_(0, 1)': 3,
      'max_op_on_path_allowed_(2)': 3,
      'max_op_on_path_allowed_(0)': 1,
      'node_degree_allowed_(2)_in_degree': 1,
      'node_degree_allowed_(2)_out_degree': 1,
      'node_degree_allowed_(2)_avg_in': 0.75,
      'node_degree_allowed_(2)_avg_out': 0.75,
    },
  },
  {
    space: 'transnas-micro',
    net: '(3, 1, 2, 0, 1, 3)',
    says: "the same edges in another space's order",
    values: {
      'min_path_len_banned_(0)': 2,
      'min_path_len_banned_(0, 1)': 3,
      'min_path_len_banned_(0, 2, 3)': 5,
      'max_op_on_path_allowed_(3)': [2, -1],
      'max_op_on_path_allowed_(2, 3)': 3,
    },
  },
  {
    space: 'nasbench101',
    net: '(0, 1, 0, 0, 0, 1)',
    says: 'input joined to output, nothing between',
    values: {
      'min_path_len_banned_()': 1,
      'max_op_on_path_allowed_(2)': [0, -2],
      'max_op_on_path_allowed_(2, 3, 4)': [0, -2],
      'node_degree_allowed_(2, 3, 4)_in_degree': 0,
      'node_degree_allowed_(2, 3, 4)_avg_out': 0,
    },
  },
  {
    space: 'nasbench101',
    net: '(0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 2, 1)',
    says: 'two operations and every edge',
    values: {
      'min_path_len_banned_()': 1,
      'max_op_on_path_allowed_(4)': [1, -1],
      'max_op_on_path_allowed_(2, 3, 4)': [2, 0],
      'node_degree_allowed_(4)_in_degree': 1,
      'node_degree_allowed_(4)_out_degree': 1,
      'node_degree_allowed_(4)_avg_in': 0.5,
      'node_degree_allowed_(4)_avg_out': 0.25,
      'node_degree_allowed_(2, 3, 4)_in_degree': 2,
    },
  },
  {
    space: 'nasbench301',
    net: '(((0, 0), (1, 0), (2, 0), (1, 0), (3, 0), (2, 0), (4, 0), (3, 0)), ((0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0), (0, 0), (1, 0)))',
    says: 'a chain as the normal cell',
    values: {
      op_count_normal_0: 4,
      op_count_normal_1: 8,
      'max_op_on_path_allowed_(1, 2, 3, 4, 5, 6, 7)_normal_c_{k-2}': [4, 5],
      'max_op_on_path_allowed_(1, 2, 3, 4, 5, 6, 7)_normal_c_{k-1}': [4, 5],
      'max_op_on_path_allowed_(4, 5)_normal_c_{k-2}': [0, -1],
      'max_op_on_path_allowed_(4, 5)_normal_c_{k-1}': [0, -1],
    },
  },
  {
    space: 'transnas-macro',
    net: '(2, 3, 2, 3, 2, 3)',
    says: 'channels and resolution in turns',
    values: {
      pos_state_ch_pos_0: 1,
      pos_state_ch_pos_1: 1,
      pos_state_ch_pos_2: 2,
      pos_state_ch_pos_3: 2,
      pos_state_ch_pos_4: 3,
      pos_state_ch_pos_5: 3,
      pos_state_s_pos_0: 0,
      pos_state_s_pos_1: 1,
      pos_state_s_pos_2: 1,
      pos_state_s_pos_3: 2,
      pos_state_s_pos_4: 2,
      pos_state_s_pos_5: 3,
    },
  },
];
