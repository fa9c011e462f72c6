// Long because it is a list of BibTeX entries.

/** Works by a short name of ours. One more: one entry here. */
export const citations: {
  readonly graf: string;
  readonly nascope: string;
  readonly nasbench101: string;
  readonly nasbench201: string;
  readonly nasbench301: string;
  readonly darts: string;
  readonly mobilenetv2: string;
  readonly gennape: string;
  readonly transnas: string;
  readonly 'suite-zero': string;
  readonly 'nasbench-macro': string;
  readonly 'nasbench-mr': string;
  readonly timm: string;
  readonly 'hw-nas-bench': string;
  readonly robustness: string;
  readonly arch2vec: string;
  readonly 'weisfeiler-lehman': string;
  readonly 'nas-bowl': string;
  readonly 'random-forest': string;
  readonly 'extra-trees': string;
  readonly xgboost: string;
  readonly 'gaussian-process': string;
  readonly ridge: string;
  readonly 'bayesian-linear': string;
  readonly knn: string;
  readonly 'back-propagation': string;
  readonly treeshap: string;
  readonly 'scikit-learn': string;
} = {
  graf: `@inproceedings{kadlecova2024graf,
  title = {Surprisingly Strong Performance Prediction with Neural Graph Features},
  author = {Kadlecov{\\'a}, Gabriela and Lukasik, Jovita and Pil{\\'a}t, Martin and Vidnerov{\\'a}, Petra and Safari, Mahmoud and Neruda, Roman and Hutter, Frank},
  booktitle = {International Conference on Machine Learning},
  year = {2024},
  eprint = {2404.16551}, archivePrefix = {arXiv}
}`,
  nascope: `@software{nascope,
  title = {nascope: {TypeScript} notebooks for neural architecture search},
  author = {{The nascope developers}},
  year = {2026}
}`,
  nasbench101: `@inproceedings{ying2019nasbench101,
  title = {{NAS-Bench-101}: Towards Reproducible Neural Architecture Search},
  author = {Ying, Chris and Klein, Aaron and Christiansen, Eric and Real, Esteban and Murphy, Kevin and Hutter, Frank},
  booktitle = {International Conference on Machine Learning},
  year = {2019},
  eprint = {1902.09635}, archivePrefix = {arXiv}
}`,
  nasbench201: `@inproceedings{dong2020nasbench201,
  title = {{NAS-Bench-201}: Extending the Scope of Reproducible Neural Architecture Search},
  author = {Dong, Xuanyi and Yang, Yi},
  booktitle = {International Conference on Learning Representations},
  year = {2020},
  eprint = {2001.00326}, archivePrefix = {arXiv}
}`,
  nasbench301: `@inproceedings{zela2022surrogate,
  title = {Surrogate {NAS} Benchmarks: Going Beyond the Limited Search Spaces of Tabular {NAS} Benchmarks},
  author = {Zela, Arber and Siems, Julien and Zimmer, Lucas and Lukasik, Jovita and Keuper, Margret and Hutter, Frank},
  booktitle = {International Conference on Learning Representations},
  year = {2022},
  eprint = {2008.09777}, archivePrefix = {arXiv}
}`,
  darts: `@inproceedings{liu2019darts,
  title = {{DARTS}: Differentiable Architecture Search},
  author = {Liu, Hanxiao and Simonyan, Karen and Yang, Yiming},
  booktitle = {International Conference on Learning Representations},
  year = {2019},
  eprint = {1806.09055}, archivePrefix = {arXiv}
}`,
  mobilenetv2: `@inproceedings{sandler2018mobilenetv2,
  title = {{MobileNetV2}: Inverted Residuals and Linear Bottlenecks},
  author = {Sandler, Mark and Howard, Andrew and Zhu, Menglong and Zhmoginov, Andrey and Chen, Liang-Chieh},
  booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2018},
  eprint = {1801.04381}, archivePrefix = {arXiv}
}`,
  gennape: `@inproceedings{mills2023gennape,
  title = {{GENNAPE}: Towards Generalized Neural Architecture Performance Estimators},
  author = {Mills, Keith G. and Han, Fred X. and Zhang, Jialin and Chudak, Fabian and Safari Mamaghani, Ali and Salameh, Mohammad and Lu, Wei and Jui, Shangling and Niu, Di},
  booktitle = {AAAI Conference on Artificial Intelligence},
  year = {2023},
  eprint = {2211.17226}, archivePrefix = {arXiv}
}`,
  transnas: `@inproceedings{duan2021transnas,
  title = {{TransNAS-Bench-101}: Improving Transferability and Generalizability of Cross-Task Neural Architecture Search},
  author = {Duan, Yawen and Chen, Xin and Xu, Hang and Chen, Zewei and Liang, Xiaodan and Zhang, Tong and Li, Zhenguo},
  booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2021},
  eprint = {2105.11871}, archivePrefix = {arXiv}
}`,
  'nasbench-macro': `@inproceedings{su2021mctnas,
  title = {Prioritized Architecture Sampling with {Monto-Carlo} Tree Search},
  author = {Su, Xiu and Huang, Tao and Li, Yanxi and You, Shan and Wang, Fei and Qian, Chen and Zhang, Changshui and Xu, Chang},
  booktitle = {IEEE/CVF Conference on Computer Vision and Pattern Recognition},
  year = {2021},
  eprint = {2103.11922}, archivePrefix = {arXiv}
}`,
  'nasbench-mr': `@inproceedings{ding2022ncp,
  title = {Learning Versatile Neural Architectures by Propagating Network Codes},
  author = {Ding, Mingyu and Huo, Yuqi and Lu, Haoyu and Yang, Linjie and Wang, Zhe and Lu, Zhiwu and Wang, Jingdong and Luo, Ping},
  booktitle = {International Conference on Learning Representations},
  year = {2022},
  eprint = {2103.13253}, archivePrefix = {arXiv}
}`,
  timm: `@misc{wightman2019timm,
  title = {{PyTorch} Image Models},
  author = {Wightman, Ross},
  year = {2019},
  howpublished = {github.com/huggingface/pytorch-image-models}
}`,
  'suite-zero': `@inproceedings{krishnakumar2022suitezero,
  title = {{NAS-Bench-Suite-Zero}: Accelerating Research on Zero Cost Proxies},
  author = {Krishnakumar, Arjun and White, Colin and Zela, Arber and Tu, Renbo and Safari, Mahmoud and Hutter, Frank},
  booktitle = {Advances in Neural Information Processing Systems, Datasets and Benchmarks Track},
  year = {2022},
  eprint = {2210.03230}, archivePrefix = {arXiv}
}`,
  'hw-nas-bench': `@inproceedings{li2021hwnasbench,
  title = {{HW-NAS-Bench}: Hardware-Aware Neural Architecture Search Benchmark},
  author = {Li, Chaojian and Yu, Zhongzhi and Fu, Yonggan and Zhang, Yongan and Zhao, Yang and You, Haoran and Yu, Qixuan and Wang, Yue and Hao, Cong and Lin, Yingyan},
  booktitle = {International Conference on Learning Representations},
  year = {2021},
  eprint = {2103.10584}, archivePrefix = {arXiv}
}`,
  robustness: `@inproceedings{jung2023robustness,
  title = {Neural Architecture Design and Robustness: A Dataset},
  author = {Jung, Steffen and Lukasik, Jovita and Keuper, Margret},
  booktitle = {International Conference on Learning Representations},
  year = {2023},
  eprint = {2306.06712}, archivePrefix = {arXiv}
}`,
  arch2vec: `@inproceedings{yan2020arch2vec,
  title = {Does Unsupervised Architecture Representation Learning Help Neural Architecture Search?},
  author = {Yan, Shen and Zheng, Yu and Ao, Wei and Zeng, Xiao and Zhang, Mi},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2020},
  eprint = {2006.06936}, archivePrefix = {arXiv}
}`,
  'weisfeiler-lehman': `@article{shervashidze2011wl,
  title = {{W}eisfeiler-{L}ehman Graph Kernels},
  author = {Shervashidze, Nino and Schweitzer, Pascal and van Leeuwen, Erik Jan and Mehlhorn, Kurt and Borgwardt, Karsten M.},
  journal = {Journal of Machine Learning Research}, volume = {12}, pages = {2539--2561},
  year = {2011}
}`,
  'nas-bowl': `@inproceedings{ru2021nasbowl,
  title = {Interpretable Neural Architecture Search via {B}ayesian Optimisation with {W}eisfeiler-{L}ehman Kernels},
  author = {Ru, Binxin and Wan, Xingchen and Dong, Xiaowen and Osborne, Michael},
  booktitle = {International Conference on Learning Representations},
  year = {2021},
  eprint = {2006.07556}, archivePrefix = {arXiv}
}`,
  'random-forest': `@article{breiman2001forests,
  title = {Random Forests},
  author = {Breiman, Leo},
  journal = {Machine Learning}, volume = {45}, pages = {5--32},
  year = {2001}
}`,
  'extra-trees': `@article{geurts2006extratrees,
  title = {Extremely Randomized Trees},
  author = {Geurts, Pierre and Ernst, Damien and Wehenkel, Louis},
  journal = {Machine Learning}, volume = {63}, pages = {3--42},
  year = {2006}
}`,
  xgboost: `@inproceedings{chen2016xgboost,
  title = {{XGBoost}: A Scalable Tree Boosting System},
  author = {Chen, Tianqi and Guestrin, Carlos},
  booktitle = {ACM SIGKDD International Conference on Knowledge Discovery and Data Mining},
  year = {2016},
  eprint = {1603.02754}, archivePrefix = {arXiv}
}`,
  'gaussian-process': `@book{rasmussen2006gp,
  title = {Gaussian Processes for Machine Learning},
  author = {Rasmussen, Carl Edward and Williams, Christopher K. I.},
  publisher = {MIT Press},
  year = {2006}
}`,
  ridge: `@article{hoerl1970ridge,
  title = {Ridge Regression: Biased Estimation for Nonorthogonal Problems},
  author = {Hoerl, Arthur E. and Kennard, Robert W.},
  journal = {Technometrics}, volume = {12}, pages = {55--67},
  year = {1970}
}`,
  'bayesian-linear': `@article{mackay1992interpolation,
  title = {Bayesian Interpolation},
  author = {MacKay, David J. C.},
  journal = {Neural Computation}, volume = {4}, pages = {415--447},
  year = {1992}
}`,
  knn: `@article{cover1967nn,
  title = {Nearest Neighbor Pattern Classification},
  author = {Cover, Thomas M. and Hart, Peter E.},
  journal = {IEEE Transactions on Information Theory}, volume = {13}, pages = {21--27},
  year = {1967}
}`,
  'back-propagation': `@article{rumelhart1986backprop,
  title = {Learning Representations by Back-propagating Errors},
  author = {Rumelhart, David E. and Hinton, Geoffrey E. and Williams, Ronald J.},
  journal = {Nature}, volume = {323}, pages = {533--536},
  year = {1986}
}`,
  treeshap: `@misc{lundberg2018treeshap,
  title = {Consistent Individualized Feature Attribution for Tree Ensembles},
  author = {Lundberg, Scott M. and Erion, Gabriel G. and Lee, Su-In},
  year = {2018},
  eprint = {1802.03888}, archivePrefix = {arXiv}
}`,
  'scikit-learn': `@article{pedregosa2011sklearn,
  title = {Scikit-learn: Machine Learning in {P}ython},
  author = {Pedregosa, Fabian and Varoquaux, Ga{\\"e}l and Gramfort, Alexandre and Michel, Vincent and Thirion, Bertrand and Grisel, Olivier and Blondel, Mathieu and Prettenhofer, Peter and Weiss, Ron and Dubourg, Vincent and Vanderplas, Jake and Passos, Alexandre and Cournapeau, David and Brucher, Matthieu and Perrot, Matthieu and Duchesnay, {\\'E}douard},
  journal = {Journal of Machine Learning Research}, volume = {12}, pages = {2825--2830},
  year = {2011}
}`,
};

export type CitationId = keyof typeof citations;

/** The entries of works, each once, in the order of the list. */
export function bibtexOf(ids: readonly CitationId[]): string {
  const chosen = Object.entries(citations).filter(([id]) => ids.includes(id as CitationId));
  return `${chosen.map(([, entry]) => entry).join('\n\n')}\n`;
}
